/* A little comfort; every page works without it. */
(function () {
  "use strict";
  var start = new Uint32Array(8), rounds = new Uint32Array(64), prime = 1, found = 0;
  while (document.querySelector("form[data-puzzle]") && found < 64) {
    for (var d = 2, is = ++prime > 1; d * d <= prime; d++) { is = is && prime % d; }
    if (is) {
      if (found < 8) { start[found] = Math.sqrt(prime) % 1 * 4294967296; }
      rounds[found++] = Math.cbrt(prime) % 1 * 4294967296;
    }
  }
  var all = document.querySelector("[data-select-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", function () {
      document.querySelectorAll(all.dataset.selectAll).forEach(function (box) { box.checked = all.querySelector("input").checked; });
    });
  }
  letters(document.querySelector("[data-keys]"), /\bkeys=1/.test(document.cookie));
  var form = document.querySelector("form[data-puzzle]");
  if (form) { work(form, form.dataset.puzzle, Number(form.dataset.bits)); }

  /* Letters as keys, once they are switched on: off in fields, with modifiers and while an input method composes. */
  function letters(help, on) {
    var box = help && help.querySelector("input");
    if (help) {
      help.hidden = false;
      box.checked = on;
      box.addEventListener("change", function () { document.cookie = "keys=1;path=/;samesite=lax;max-age=" + ((on = box.checked) ? 31536000 : 0); });
    }
    document.addEventListener("keydown", function (event) {
      if (!on || event.isComposing || event.keyCode === 229 || event.repeat && !/[jknp]/.test(event.key) || event.ctrlKey || event.altKey ||
          event.metaKey || event.target.closest("textarea, select, input:not([type=checkbox]), [contenteditable]")) { return; }
      if (press(event.key, event.target.closest("[data-row], article"), help)) { event.preventDefault(); }
    });
  }

  function press(key, row, help) {
    var rows = Array.from(document.querySelectorAll(/[np]/.test(key) ? "article" : "[data-row]")), at = rows.indexOf(row);
    var next = rows[{ j: at + 1, n: at + 1, k: at - 1, p: at - 1 }[key]];
    var part = row && { x: row.querySelector("[type=checkbox]"), o: row.querySelector(".tools a") || row.querySelector("a") }[key];
    if (key === "?" && help) { help.open = true; next = help; }
    return part ? !part.click() : act(key, row) || next && !next.querySelector("summary, a, input").focus();
  }

  /* The button of a letter, in the row or outside all rows. Where there are boxes it is for those that are ticked, or else for the row. */
  function act(key, row) {
    var to = Array.from(document.querySelectorAll("[data-key=" + CSS.escape(key) + "]")).find(function (one) {
      var mine = one.closest("[data-row]");
      return !mine || mine === row;
    }), form = to && to.closest("form"), box = row && row.querySelector("[type=checkbox]");
    if (!to) { return false; }
    if (form && form.querySelector("[type=checkbox][name=id]") && !form.querySelector("[name=id]:checked")) {
      if (!box) { return false; }
      box.checked = true;
    }
    to.focus();
    if (to.open === undefined) { return !to.click(); }
    to.open = true;
    to.querySelector("input, textarea").focus();
    return true;
  }

  /* Looks for a number that makes the puzzle's SHA-256 begin with so many zero bits, some thousand at a time. */
  function work(form, puzzle, bits) {
    var n = 0;
    function some() {
      for (var end = n + 2000; n < end; n++) {
        if (zeros(puzzle + n) >= bits) {
          form.elements.work.value = n;
          form.submit();
          return;
        }
      }
      setTimeout(some, 0);
    }
    some();
  }

  function zeros(text) {
    var first = sha256(new TextEncoder().encode(text));
    return first ? Math.clz32(first) : 32;
  }

  /* The first 32 bits of the digest (FIPS 180-4). */
  function sha256(bytes) {
    var length = (bytes.length + 72 >> 6) * 16, words = new Uint32Array(length), w = new Uint32Array(64), h = start.slice(), i, j;
    bytes.forEach(function (byte, at) { words[at >> 2] |= byte << 24 - at % 4 * 8; });
    words[bytes.length >> 2] |= 128 << 24 - bytes.length % 4 * 8;
    words[length - 1] = bytes.length * 8;
    for (i = 0; i < length; i += 16) {
      var s = h.slice();
      for (j = 0; j < 64; j++) {
        w[j] = j < 16 ? words[i + j] : w[j - 16] + w[j - 7] + (turn(w[j - 15], 7) ^ turn(w[j - 15], 18) ^ w[j - 15] >>> 3) +
          (turn(w[j - 2], 17) ^ turn(w[j - 2], 19) ^ w[j - 2] >>> 10);
        var t = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) + (s[4] & s[5] ^ ~s[4] & s[6]) + rounds[j] + w[j];
        var u = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) + (s[0] & s[1] ^ s[0] & s[2] ^ s[1] & s[2]);
        s.copyWithin(1, 0, 7);
        s[4] += t;
        s[0] = t + u;
      }
      for (j = 0; j < 8; j++) { h[j] += s[j]; }
    }
    return h[0];
  }

  function turn(x, n) { return x >>> n | x << 32 - n; }
}());
