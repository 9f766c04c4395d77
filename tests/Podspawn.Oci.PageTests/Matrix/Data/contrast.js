// The contrast (WCAG 2, 1.4.3) of each text that shows against what is painted under it: [["text", 7.1], ...].
const channels = colour => {
  const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
  return { alpha, rgb: [red, green, blue] };
};
const luminance = rgb => {
  const [red, green, blue] = rgb.map(c => c / 255).map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const background = element => {
  for (let at = element; at; at = at.parentElement) {
    const { alpha, rgb } = channels(getComputedStyle(at).backgroundColor);
    if (alpha === 1)
      return rgb;
    if (alpha !== 0)
      throw new Error("a half transparent background is beyond this measurement");
  }
  return [255, 255, 255];
};
const measured = [];
for (const element of document.body.querySelectorAll("*")) {
  const text = [...element.childNodes].filter(node => node.nodeType === Node.TEXT_NODE).map(node => node.data.trim()).join("");
  if (text === "" || !element.checkVisibility() || element.matches("script, noscript, .unseen"))
    continue;
  const front = luminance(channels(getComputedStyle(element).color).rgb), back = luminance(background(element));
  measured.push([text, (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05)]);
}
return measured;
