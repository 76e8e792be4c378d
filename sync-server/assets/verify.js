// The verifying page's only script: puts a scanned copy or a file into the form. Without it, the copy is pasted.
//
// A scanned copy stands after the # of the address, which browsers do not send; from here it goes in a form's body.
(() => {
  const form = document.getElementById("verify");
  const field = form.elements.copy;
  form.elements.file.closest("label").hidden = false;
  form.elements.file.addEventListener("change", async () => {
    const [file] = form.elements.file.files;
    if (file) field.value = await file.text();
  });
  // The file itself is not sent: its text is in the form.
  form.addEventListener("submit", () => (form.elements.file.disabled = true));
  if (/^#1\d+$/.test(location.hash)) {
    field.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    form.requestSubmit();
  }
})();
