// Parts that follow by themselves are replaced only when something changed; what was open stays open.
(function () {
  'use strict';
  var last = {};
  var open = [];
  var focused = null;

  document.addEventListener('htmx:beforeSwap', function (event) {
    var target = event.detail.target;
    var answer = event.detail.serverResponse;
    if (last[target.id] === answer) {
      event.detail.shouldSwap = false;
      return;
    }
    last[target.id] = answer;
    open = Array.from(target.querySelectorAll('details[open]'), function (details) { return details.id; });
    var around = document.activeElement && document.activeElement.closest('details');
    focused = around && target.contains(around) ? around.id : null;
  });

  document.addEventListener('htmx:afterSwap', function () {
    open.forEach(function (id) {
      var details = document.getElementById(id);
      if (details) { details.open = true; }
    });
    var around = focused && document.getElementById(focused);
    if (around) { around.querySelector('summary').focus(); }
  });
})();
