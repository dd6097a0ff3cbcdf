import { element } from './elements.ts';

/** A list of which only what can be seen has elements: it takes a hundred thousand items. */
export interface VirtualList<Item> {
  readonly show: (items: readonly Item[], selected: number) => void;
}

interface ListOptions<Item> {
  /** Of a row, in pixels; the style sheet has the same. */
  readonly rowHeight: number;
  readonly render: (item: Item) => HTMLElement;
  readonly choose: (item: Item) => void;
}

/** Makes a list box of an element that scrolls: arrow keys, Home and End choose, and so does a click. */
export function virtualList<Item>(box: HTMLElement, options: ListOptions<Item>): VirtualList<Item> {
  const { rowHeight, render, choose } = options;
  const space = element('div', { className: 'space', attributes: { role: 'presentation' } });
  box.replaceChildren(space);
  let items: readonly Item[] = [];
  let selected = -1;
  const draw = () => {
    const first = Math.max(0, Math.floor(box.scrollTop / rowHeight) - 5);
    const last = Math.min(items.length, Math.ceil((box.scrollTop + box.clientHeight) / rowHeight) + 5);
    const rows = items.slice(first, last).map((item, offset) => rowOf(item, first + offset));
    space.replaceChildren(...rows);
    const isDrawn = selected >= first && selected < last;
    if (isDrawn) box.setAttribute('aria-activedescendant', `${box.id}-${selected}`);
    else box.removeAttribute('aria-activedescendant');
  };
  const rowOf = (item: Item, index: number): HTMLElement => {
    const row = render(item);
    row.id = `${box.id}-${index}`;
    row.style.top = `${index * rowHeight}px`;
    row.setAttribute('role', 'option');
    row.setAttribute('aria-selected', String(index === selected));
    row.setAttribute('aria-setsize', String(items.length));
    row.setAttribute('aria-posinset', String(index + 1));
    row.addEventListener('click', () => choose(item));
    return row;
  };
  const reveal = () => {
    const top = selected * rowHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + rowHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = top + rowHeight - box.clientHeight;
  };
  box.addEventListener('scroll', draw, { passive: true });
  new ResizeObserver(draw).observe(box);
  box.addEventListener('keydown', (event) => {
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: selected + 1,
      ArrowUp: selected - 1,
      PageDown: selected + 10,
      PageUp: selected - 10,
      Home: 0,
      End: items.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined || items.length === 0) return;
    event.preventDefault();
    const item = items[Math.min(items.length - 1, Math.max(0, target))];
    if (item !== undefined) choose(item);
  });
  return {
    show: (next, index) => {
      const isMoved = index !== selected;
      items = next;
      selected = index;
      space.style.height = `${items.length * rowHeight}px`;
      if (isMoved) reveal();
      draw();
    },
  };
}
