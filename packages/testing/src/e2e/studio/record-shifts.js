// Runs in a page, before all else there. A browser reports what stood on the screen before and stands elsewhere after,
// without a press of a key or a button (https://wicg.github.io/layout-instability/). What moves is kept in `window.moves`,
// but for three things that may:
// - a row in a list of what is newest goes down where a new one comes in above it, and no pointer is over the list;
// - what is drawn in a chart is drawn anew; the chart's own box must not move;
// - a number that is set flush right grows to its left.
window.moves = [];

const elementOf = (node) => (node instanceof Element ? node : node.parentElement);

function mayMove(element, right, down) {
  if (!element?.isConnected) return true;
  const list = element.parentElement?.closest('[data-newest-first]');
  if (list && right === 0) return !list.matches(':hover');
  if (element.parentElement?.closest('[role=img]')) return true;
  return down === 0 && ['right', 'end'].includes(getComputedStyle(element).textAlign);
}

function nameOf(node) {
  const region = elementOf(node)?.closest('[aria-label], [aria-labelledby]');
  const label =
    region?.getAttribute('aria-label') ??
    document.getElementById(region?.getAttribute('aria-labelledby') ?? '')?.textContent;
  const text = (node.textContent ?? '').replace(/\s+/g, ' ').trim();
  return `${node.nodeName.toLowerCase()} “${text.slice(0, 60)}” in “${label ?? ''}”`;
}

new PerformanceObserver((list) => {
  for (const { hadRecentInput, sources } of list.getEntries()) {
    if (hadRecentInput) continue;
    for (const { node, previousRect: from, currentRect: to } of sources) {
      const [right, down] = [to.x - from.x, to.y - from.y];
      // The rectangles are of what is in the window: no size is beyond its edge, and at its edge both may be the same.
      if (!node || from.width === 0 || to.width === 0) continue;
      if (right === 0 && down === 0 && from.y !== 0) continue;
      if (mayMove(elementOf(node), right, down)) continue;
      window.moves.push(`${nameOf(node)} from ${from.x}, ${from.y} to ${to.x}, ${to.y}`);
    }
  }
}).observe({ type: 'layout-shift', buffered: true });
