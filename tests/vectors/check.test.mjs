// Checks the published vectors without a line of the product's Rust: node's own SHA-256 and Ed25519, and the script of
// the page that needs no server.
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify, webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
const seals = JSON.parse(read("seals/seals.json"));
const copies = JSON.parse(read("seals/copies.json"));
const sha256 = (text) => createHash("sha256").update(text, "utf8").digest("hex");

/** Canonical JSON, written here a third time: sorted keys, no space. */
const canonical = (value) =>
  Array.isArray(value) ? `[${value.map(canonical)}]`
  : value && typeof value === "object" ? `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)}}`
  : JSON.stringify(value);

/** An Ed25519 public key from its 32 bytes. */
function publicKey(hex) {
  const prefix = Buffer.from("302a300506032b6570032100", "hex");
  return createPublicKey({ key: Buffer.concat([prefix, Buffer.from(hex, "hex")]), format: "der", type: "spki" });
}

for (const [index, { document, document_sha256, message, signature }] of seals.seals.entries()) {
  test(`seal ${index + 1}: ${JSON.parse(message).name ?? JSON.parse(message).outcome}`, () => {
    assert.equal(canonical(JSON.parse(document)), document);
    assert.equal(sha256(document), document_sha256);
    assert.equal(JSON.parse(message).document, document_sha256);
    assert.equal(canonical(JSON.parse(message)), message);
    const key = publicKey(seals.public_key);
    const holds = (text, seal) => verify(null, Buffer.from(text), key, Buffer.from(seal, "hex"));
    assert.ok(holds(message, signature));
    for (let place = 0; place < message.length; place++) {
      const changed = message.slice(0, place) + String.fromCodePoint(message.charCodeAt(place) ^ 1) + message.slice(place + 1);
      assert.ok(!holds(changed, signature), `letter ${place}`);
    }
    for (let place = 0; place < signature.length; place += 2) {
      const bytes = Buffer.from(signature, "hex");
      bytes[place / 2] ^= 1;
      assert.ok(!holds(message, bytes.toString("hex")), `byte ${place / 2}`);
    }
  });
}

const script = /<script id="checker">([\s\S]*?)<\/script>/.exec(read("../../verify/index.html"))[1];
const { Uint8Array, Response, DecompressionStream, TextEncoder, TextDecoder, atob, btoa } = globalThis;
const surroundings = vm.createContext({ crypto: webcrypto, Uint8Array, Response, DecompressionStream, TextEncoder, TextDecoder, atob, btoa });
const Checker = vm.runInContext(`${script}; Checker`, surroundings);

for (const { name, copy, differs, whole, error } of copies.copies) {
  test(`copy, ${name}: ${error ?? (differs.join(", ") || "valid")}`, async () => {
    let found;
    try {
      found = await Checker.check(copy, copies.trusted);
    } catch (bad) {
      assert.ok(bad instanceof Checker.BadCopy, bad);
      return assert.equal(bad.message, error);
    }
    assert.deepEqual([...found.differs.map((one) => one.code)], differs);
    assert.equal(found.whole, whole);
  });
}

for (const { name, address, has_document, has_strokes } of copies.links) {
  test(`link of the ${name}`, async () => {
    const found = await Checker.check(await Checker.open(address), copies.trusted);
    assert.deepEqual([...found.differs], []);
    assert.equal(found.whole, has_document && (has_strokes || !found.seals.some((seal) => seal.outcome === "signed")));
    await assert.rejects(Checker.open(address.slice(0, -1) + "x"));
  });
}

test("a good copy is there, and every change but one that only leaves something out is found", () => {
  const harmless = ["strokes left out", "document left out"];
  for (const { name, differs, error, whole } of copies.copies) {
    if (name.startsWith("good")) assert.deepEqual(differs, []);
    else if (harmless.includes(name)) assert.deepEqual([differs, whole], [[], false]);
    else assert.ok(error || differs.length, name);
  }
});
