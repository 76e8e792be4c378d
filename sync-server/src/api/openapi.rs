//! The interface's description.
pub(crate) async fn show() -> &'static str {
    ""
}
