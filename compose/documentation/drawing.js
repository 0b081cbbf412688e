// Runs in the portal's page: hands back what it shows as an SVG of rectangles, paths and texts. Nothing is made up and
// nothing is a bitmap: boxes and texts are where the browser laid them out, charts are what was drawn on their canvas.

/** Notes what is drawn on every canvas from now on; call before the page loads. */
export function recordCanvases() {
  const drawn = new WeakMap();
  const number = (value) => Math.round(value * 100) / 100;
  const at = (context, x, y) => {
    const m = context.getTransform();
    const ratio = context.canvas.width / context.canvas.getBoundingClientRect().width || 1;
    return `${number((m.a * x + m.c * y + m.e) / ratio)} ${number((m.b * x + m.d * y + m.f) / ratio)}`;
  };
  const noted = (context) => {
    if (!drawn.has(context.canvas)) drawn.set(context.canvas, []);
    return drawn.get(context.canvas);
  };
  const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  const colour = (style) => (typeof style === "string" ? style : "#9aa4b2");
  const prototype = CanvasRenderingContext2D.prototype;
  const paths = new WeakMap();
  const wrap = (name, before) => {
    const real = prototype[name];
    prototype[name] = function (...given) {
      before(this, ...given);
      return real.apply(this, given);
    };
  };
  const add = (context, words) => paths.set(context, `${paths.get(context) ?? ""}${words}`);
  wrap("beginPath", (context) => paths.set(context, ""));
  wrap("moveTo", (context, x, y) => add(context, `M${at(context, x, y)}`));
  wrap("lineTo", (context, x, y) => add(context, `${paths.get(context) ? "L" : "M"}${at(context, x, y)}`));
  wrap("bezierCurveTo", (context, a, b, c, d, x, y) =>
    add(context, `C${at(context, a, b)} ${at(context, c, d)} ${at(context, x, y)}`),
  );
  wrap("quadraticCurveTo", (context, a, b, x, y) => add(context, `Q${at(context, a, b)} ${at(context, x, y)}`));
  wrap("arc", (context, x, y, radius, from, to) => {
    const steps = 16;
    for (let step = 0; step <= steps; step++) {
      const angle = from + ((to - from) * step) / steps;
      const letter = paths.get(context) && (step > 0 || !paths.get(context).endsWith("Z")) ? "L" : "M";
      add(context, `${letter}${at(context, x + radius * Math.cos(angle), y + radius * Math.sin(angle))}`);
    }
  });
  wrap("rect", (context, x, y, w, h) =>
    add(
      context,
      `M${at(context, x, y)}L${at(context, x + w, y)}L${at(context, x + w, y + h)}L${at(context, x, y + h)}Z`,
    ),
  );
  wrap("closePath", (context) => add(context, "Z"));
  wrap("fill", (context) => {
    const opacity = context.globalAlpha < 1 ? ` fill-opacity="${number(context.globalAlpha)}"` : "";
    if (paths.get(context)) noted(context).push(`<path d="${paths.get(context)}" fill="${colour(context.fillStyle)}"${opacity}/>`);
  });
  wrap("stroke", (context) => {
    if (!paths.get(context) || context.lineWidth === 0) return;
    const style = `stroke="${colour(context.strokeStyle)}" stroke-width="${number(context.lineWidth)}"`;
    noted(context).push(`<path d="${paths.get(context)}" fill="none" ${style}/>`);
  });
  wrap("fillText", (context, text, x, y) => {
    const [left, top] = at(context, x, y).split(" ");
    const anchor = { center: "middle", right: "end", end: "end" }[context.textAlign] ?? "start";
    const drop = { middle: 0.35, top: 0.8, hanging: 0.8, bottom: -0.2 }[context.textBaseline] ?? 0;
    const size = Number.parseFloat(/(\d+(\.\d+)?)px/.exec(context.font)?.[1] ?? "12");
    noted(context).push(
      `<text x="${left}" y="${number(Number(top) + drop * size)}" font-size="${size}" text-anchor="${anchor}" fill="${colour(context.fillStyle)}">${escaped(String(text))}</text>`,
    );
  });
  wrap("clearRect", (context, _x, _y, width, height) => {
    if (width * height >= context.canvas.width * context.canvas.height * 0.2) drawn.set(context.canvas, []);
  });
  globalThis.drawnOn = (canvas) => drawn.get(canvas) ?? [];
}

/** Returns the SVG of what is in sight. */
export async function draw() {
  const number = (value) => Math.round(value * 10) / 10;
  const escaped = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  const width = document.documentElement.clientWidth;
  const height = window.innerHeight;
  const parts = [];
  const isSeen = (colour) => colour && colour !== "transparent" && !/, 0\)$/.test(colour);
  const box = (element, style) => {
    const r = element.getBoundingClientRect();
    if (r.width < 1 || r.height < 1) return;
    const radius = Math.min(Number.parseFloat(style.borderTopLeftRadius) || 0, r.height / 2, r.width / 2);
    const place = `x="${number(r.x)}" y="${number(r.y)}" width="${number(r.width)}" height="${number(r.height)}" rx="${number(radius)}"`;
    const sides = ["Top", "Right", "Bottom", "Left"].filter(
      (side) => Number.parseFloat(style[`border${side}Width`]) > 0 && isSeen(style[`border${side}Color`]),
    );
    const all = sides.length === 4 ? ` stroke="${style.borderTopColor}"` : "";
    const fill = isSeen(style.backgroundColor) ? style.backgroundColor : "none";
    if (fill !== "none" || all) parts.push(`<rect ${place} fill="${fill}"${all}/>`);
    if (sides.length === 4) return;
    for (const side of sides) {
      const [x1, y1, x2, y2] = {
        Top: [r.left, r.top, r.right, r.top],
        Right: [r.right, r.top, r.right, r.bottom],
        Bottom: [r.left, r.bottom, r.right, r.bottom],
        Left: [r.left, r.top, r.left, r.bottom],
      }[side].map(number);
      parts.push(`<path d="M${x1} ${y1}L${x2} ${y2}" stroke="${style[`border${side}Color`]}"/>`);
    }
  };
  const words = (node, style) => {
    const range = document.createRange();
    let line = null;
    const flush = () => {
      if (!line?.text.trim()) return;
      const size = Number.parseFloat(style.fontSize);
      const weight = Number(style.fontWeight) >= 600 ? ' font-weight="600"' : "";
      parts.push(
        `<text x="${number(line.left)}" y="${number(line.middle + size * 0.35)}" font-size="${size}"${weight} fill="${style.color}" textLength="${number(line.right - line.left)}">${escaped(line.text.trim())}</text>`,
      );
    };
    for (let index = 0; index < node.data.length; index++) {
      range.setStart(node, index);
      range.setEnd(node, index + 1);
      const r = range.getClientRects()[0];
      if (!r || r.width === 0) continue;
      const middle = (r.top + r.bottom) / 2;
      const letter = /\s/.test(node.data[index]) ? " " : node.data[index];
      if (line && Math.abs(line.middle - middle) < 4) {
        line.text += letter;
        if (letter !== " ") line.right = r.right;
      } else {
        flush();
        line = { text: letter, left: r.left, right: r.right, middle };
      }
    }
    flush();
  };
  const marks = new Map();
  for (const image of document.images) {
    if (new URL(image.src).pathname.endsWith(".svg")) marks.set(image, await (await fetch(image.src)).text());
  }
  const place = (svg, element, style) => {
    const r = element.getBoundingClientRect();
    svg.removeAttribute("class");
    for (const [name, value] of Object.entries({ x: r.x, y: r.y, width: r.width, height: r.height })) {
      svg.setAttribute(name, number(value));
    }
    if (style) {
      svg.setAttribute("fill", style.fill === "none" ? "none" : style.color);
      svg.setAttribute("color", style.color);
    }
    parts.push(new XMLSerializer().serializeToString(svg));
  };
  const visit = (element) => {
    const style = getComputedStyle(element);
    const r = element.getBoundingClientRect();
    const away = r.bottom < 0 || r.top > height || r.left > width || r.right < 0;
    if (style.display === "none" || style.visibility === "hidden" || Number(style.opacity) === 0) return;
    if (style.clip !== "auto" || style.clipPath !== "none") return;
    if (away && element.children.length === 0) return;
    box(element, style);
    if (element.tagName === "CANVAS") {
      parts.push(`<g transform="translate(${number(r.x)} ${number(r.y)})">${globalThis.drawnOn(element).join("")}</g>`);
      return;
    }
    if (element.tagName.toLowerCase() === "svg") {
      place(element.cloneNode(true), element, style);
      return;
    }
    if (marks.has(element)) {
      place(new DOMParser().parseFromString(marks.get(element), "image/svg+xml").documentElement, element, null);
      return;
    }
    if (["IMG", "VIDEO"].includes(element.tagName)) {
      const size = `x="${number(r.x)}" y="${number(r.y)}" width="${number(r.width)}" height="${number(r.height)}"`;
      parts.push(`<rect ${size} fill="#d6dae0"/>`);
      return;
    }
    if (element.tagName === "INPUT") return;
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) words(child, style);
      else if (child.nodeType === Node.ELEMENT_NODE) visit(child);
    }
  };
  visit(document.body);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif">\n<rect width="${width}" height="${height}" fill="${isSeen(getComputedStyle(document.body).backgroundColor) ? getComputedStyle(document.body).backgroundColor : "#fff"}"/>\n${parts.join("\n")}\n</svg>\n`;
}
