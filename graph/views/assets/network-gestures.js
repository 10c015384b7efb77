"use strict";
// Mouse, pen and fingers on our own renderer: drag, wheel, pinch, click and double click.
(() => {
  const SLACK = 5; // pixels that a click may move

  window.kgnet.gestures = (box, { pan, zoom, at, on }) => {
    const fingers = new Map();
    let [began, apart] = [null, 0];
    const spot = (event) => {
      const { left, top } = box.getBoundingClientRect();
      return { x: event.clientX - left, y: event.clientY - top };
    };
    const spread = () => {
      const [one, two] = [...fingers.values()];
      return { width: Math.hypot(one.x - two.x, one.y - two.y), x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
    };

    function down(event) {
      if (event.button) return;
      box.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, spot(event));
      began = fingers.size === 1 ? spot(event) : null;
      if (fingers.size === 2) apart = spread().width;
    }

    function drag(event) {
      const [last, now] = [fingers.get(event.pointerId), spot(event)];
      fingers.set(event.pointerId, now);
      if (fingers.size === 2) {
        const { width, x, y } = spread();
        if (apart) zoom(width / apart, x, y);
        apart = width;
      } else if (!began || Math.hypot(now.x - began.x, now.y - began.y) > SLACK) {
        pan(now.x - (began || last).x, now.y - (began || last).y);
        began = null;
      }
    }

    function move(event) {
      if (fingers.has(event.pointerId)) drag(event);
      else {
        const { x, y } = spot(event);
        on.hover(at(x, y));
      }
    }

    function up(event) {
      if (!fingers.delete(event.pointerId)) return;
      const { x, y } = spot(event);
      if (began && event.type === "pointerup") on.pick(at(x, y));
      began = null;
    }

    box.addEventListener("pointerdown", down);
    box.addEventListener("pointermove", move);
    box.addEventListener("pointerup", up);
    box.addEventListener("pointercancel", up);
    box.addEventListener("pointerleave", () => on.hover(null));
    box.addEventListener("dblclick", (event) => { const { x, y } = spot(event); if (at(x, y) === null) zoom(1.7, x, y); });
    box.addEventListener("wheel", (event) => {
      event.preventDefault();
      const { x, y } = spot(event);
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.04 : 0.0016)), x, y);
    }, { passive: false });
  };
})();
