// Guide and Reference are open in the menu until somebody closes them.
for (const group of ['Guide', 'Reference']) {
  const key = `tsd-accordion-${group}`;
  try {
    if (localStorage.getItem(key) === null) localStorage.setItem(key, 'true');
  } catch {
    // A browser that keeps nothing shows them closed.
  }
}
