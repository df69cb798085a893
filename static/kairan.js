/* A little comfort; every page works without it. Keys move between the messages of a thread once they are switched on. */
(function () {
  "use strict";
  var all = document.querySelector("[data-select-all]");
  if (all) {
    all.hidden = false;
    all.addEventListener("change", function () {
      document.querySelectorAll(all.dataset.selectAll).forEach(function (box) { box.checked = all.querySelector("input").checked; });
    });
  }
}());
