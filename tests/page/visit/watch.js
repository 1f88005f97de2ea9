// Runs before every script of the page.
window.watched = { tasks: [], states: [], paints: [] };
const doing = () => {
  const page = document.getElementById("page");
  return page ? `${page.dataset.state}: ${document.getElementById("state").textContent.trim()}` : "not mounted";
};
new PerformanceObserver((list) => {
  const seen = doing();
  for (const { startTime, duration } of list.getEntries()) watched.tasks.push({ startTime, duration, seen });
}).observe({ type: "longtask", buffered: true });
// What the page says it is doing, in the order it says so.
new MutationObserver(() => {
  const words = doing();
  if (words !== "not mounted" && words !== watched.states.at(-1)) watched.states.push(words);
}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
// When the frame after a click was on its way to the screen, and where the dial then stood.
addEventListener("click", ({ timeStamp }) => {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    const cardinality = document.getElementById("page")?.dataset.cardinality;
    port1.onmessage = () => watched.paints.push({ cardinality, ms: performance.now() - timeStamp });
    port2.postMessage(null);
  });
}, true);
