// What a call from Swift costs: one that answers with a short text, beside the least a program could do for the same,
// which is the library's own C function and its bytes made a string. One JSON line, as the other benchmarks print.

import Doorstep
import DoorstepFFI
import Foundation

let rounds = 21
let calls = 20_000

/// Microseconds for each call.
func timed(_ work: () -> Int) -> Double {
    let began = DispatchTime.now().uptimeNanoseconds
    var seen = 0
    for _ in 0..<calls { seen += work() }
    let took = DispatchTime.now().uptimeNanoseconds - began
    precondition(seen > 0)
    return Double(took) / 1000 / Double(calls)
}

func generated() -> Int {
    libraryVersion().utf8.count
}

func bare() -> Int {
    var status = RustCallStatus()
    let buffer = uniffi_doorstep_ffi_fn_func_library_version(&status)
    let bytes = UnsafeBufferPointer(start: buffer.data, count: Int(buffer.len))
    let text = String(decoding: bytes, as: UTF8.self)
    ffi_doorstep_ffi_rustbuffer_free(buffer, &status)
    return text.utf8.count
}

var (ours, least): ([Double], [Double]) = ([], [])
for round in 0...rounds {
    let (a, b) = (timed(generated), timed(bare))
    // The first round warms up.
    if round > 0 {
        ours.append(a)
        least.append(b)
    }
}
let (value, floor) = (ours.sorted()[rounds / 2], least.sorted()[rounds / 2])
func digits(_ number: Double) -> String { String(format: "%.3g", number) }
print(
    #"{"name":"swift_call","value":\#(digits(value)),"unit":"us","floor":\#(digits(floor)),"#
        + #""ratio":\#(digits(value / floor)),"rounds":\#(rounds)}"#)
