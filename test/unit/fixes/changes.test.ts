import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Changes } from "../../../server/src/fixes/changes.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";

const change = fc.record({ at: fc.nat(60), length: fc.nat(6), text: fc.string({ maxLength: 5 }) });

test("changes made one after the other are edits of the original, whatever they touch", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), fc.array(change, { maxLength: 8 }), (original, made) => {
      let changes = new Changes("a", original);
      let text = original;
      for (const { at, length, text: added } of made) {
        const from = Math.min(at, text.length);
        const to = Math.min(from + length, text.length);
        changes = changes.replace(from, to, added);
        if (!text.startsWith("\ufeff")) text = text.slice(0, from) + added + text.slice(to);
        else text = changes.text();
      }
      assert.equal(changes.text(), text);
      assert.equal(applyEdits(original, changes.edits()), text);
    }),
  );
});

test("nothing is put before a byte-order mark", () => {
  assert.equal(new Changes("a", "\ufeffrules").insert(0, "x").text(), "\ufeffxrules");
});
