// For a window of the editor: measures what its lists show. From outside, each look would take a way there and back.

globalThis.listTimer = {
  /**
   * Milliseconds from the last key to the first frame in which the lines of the list with this title have changed, and to
   * the last one before they stay as they are for `stillMs`. Call it before the key.
   */
  measure({ title, stillMs, limitMs }) {
    return new Promise((resolve, reject) => {
      let pressedAt = NaN;
      let times;
      let still;
      const onKey = ({ timeStamp }) => (pressedAt = timeStamp);
      const end = () => {
        removeEventListener('keydown', onKey, true);
        observer.disconnect();
        clearTimeout(limit);
        if (times === undefined) reject(new Error(`"${title}" has shown nothing new in time.`));
        else resolve(times);
      };
      const limit = setTimeout(end, limitMs);
      const onShown = () => {
        const lastMs = performance.now() - pressedAt;
        times = { firstMs: times?.firstMs ?? lastMs, lastMs };
        clearTimeout(still);
        still = setTimeout(end, stillMs);
      };
      const observer = new MutationObserver((mutations) => {
        const isOurs = mutations.some(({ target }) => isInList(target, title));
        // After the frame: the callback before it comes before the browser has drawn anything.
        if (isOurs && pressedAt > 0) requestAnimationFrame(() => setTimeout(onShown));
      });
      addEventListener('keydown', onKey, true);
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
  },
};

function isInList(node, title) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const list = element?.closest('.quick-input-list');
  const widget = list?.closest('.quick-input-widget');
  return (
    widget?.querySelector('.quick-input-title')?.textContent === title &&
    widget.checkVisibility() &&
    list.querySelector('.monaco-list-row') !== null
  );
}
