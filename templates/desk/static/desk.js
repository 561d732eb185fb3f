// Keys, and drafts kept while typing. Every page works without this file.
(function () {
  "use strict";
  var lines = Array.prototype.slice.call(document.querySelectorAll("[data-line]"));
  var at = -1;
  function go(to) {
    if (!lines.length) { return; }
    if (at >= 0) { lines[at].classList.remove("here"); }
    at = Math.max(0, Math.min(lines.length - 1, to));
    lines[at].classList.add("here");
    lines[at].scrollIntoView({ block: "nearest" });
    var target = lines[at].querySelector("a, button") || lines[at];
    target.focus({ preventScroll: true });
  }
  function press(selector) {
    var scope = at >= 0 ? lines[at] : document;
    var found = scope.querySelector(selector) || document.querySelector(selector);
    if (found) { found.click(); return true; }
    return false;
  }
  function typing(node) { return node && (/^(input|textarea|select)$/i.test(node.tagName) || node.isContentEditable); }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey) { return; }
    if (typing(event.target)) { if (event.key === "Escape") { event.target.blur(); } return; }
    var key = event.key, done = true;
    if (key === "j") { go(at + 1); }
    else if (key === "k") { go(at - 1); }
    else if (key === "Enter" && at >= 0 && !/^(a|button|summary)$/i.test(event.target.tagName)) { done = press("a[data-open]"); }
    else if (key === "/") { var box = document.getElementById("q"); if (box) { box.focus(); box.select(); } }
    else if (key === "u") { done = press("[data-key='u']"); }
    else if (key === "?") { var help = document.getElementById("help"); if (help) { help.open = !help.open; help.scrollIntoView({ block: "nearest" }); } }
    else if (key === " " && document.querySelector("[data-key='Space']")) { done = press("[data-key='Space']"); }
    else if (key === "=") { done = press("[data-key='+']"); }
    else if (key.length === 1 && /[a-z0-9+\-\[\]]/.test(key)) { done = press("[data-key='" + key + "']"); }
    else { done = false; }
    if (done) { event.preventDefault(); }
  });
  // What is typed is kept on the server, half a second after the last key and when the page goes away.
  Array.prototype.forEach.call(document.querySelectorAll("input[name='draft']"), function (place) {
    var form = place.form, waiting = 0;
    function keep(leaving) {
      window.clearTimeout(waiting);
      waiting = 0;
      window.fetch("/drafts", { method: "POST", body: new window.URLSearchParams(new window.FormData(form)), credentials: "same-origin", keepalive: leaving });
    }
    if (!window.fetch) { return; }
    form.addEventListener("input", function () {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(keep, 500);
    });
    form.addEventListener("submit", function () { window.clearTimeout(waiting); waiting = 0; });
    window.addEventListener("pagehide", function () { if (waiting) { keep(true); } });
  });
})();
