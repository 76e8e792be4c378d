# Photos in a bucket: the store's own suite, the server and phones against a real S3 server that is killed, says nothing or
# lies, and the tests of photos in a folder once more on the bucket. Those marked as ignored need it and run nowhere else.
# shellcheck shell=bash
ABOUT="photos in an S3 bucket, against a real S3 server (moto)"
NEEDS=(cargo cc curl pyvenv s3-server)

# About the folder of photos itself, or a disk.
NOT_HERE=(text_never_waits a_photo_leaves_the_phone a_restored_server_gets a_full_disk a_damaged_backup what_is_damaged
    after_a_restore photos_that_wait a_server_that_cannot_write)

run() {
    s3_start
    export DOORSTEP_PHOTOS_ON=s3
    local status=0 skip=() name
    cargo test "${WORKSPACE[@]}" --no-fail-fast --lib --test system -- --ignored s3_ || status=$?
    for name in "${NOT_HERE[@]}"; do skip+=(--skip "$name"); done
    cargo test "${WORKSPACE[@]}" --no-fail-fast --test server --test system \
        -- blobs:: operate:: photos:: restore:: rescue::photos standing:: "${skip[@]}" || status=$?
    return "$status"
}
