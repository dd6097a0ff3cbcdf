/** The element of the page that has an id. @throws Error when there is none of that type */
export function byId<Type extends Element>(id: string, type: new () => Type): Type {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no ${type.name} #${id}`);
}

interface Parts {
  readonly className?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly Node[];
}

/** A new element. Texts of users get into the page as text alone: nothing here or elsewhere takes HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  { className, text, attributes = {}, children = [] }: Parts = {},
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className !== undefined) made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** An option that is called what it is. */
export function optionOf(value: string): { readonly value: string; readonly label: string } {
  return { value, label: value };
}

/** Makes the options of a select those of a list, and keeps what is chosen. */
export function fillSelect(
  select: HTMLSelectElement,
  options: readonly { readonly value: string; readonly label: string }[],
  value: string,
): void {
  const isSame =
    select.options.length === options.length &&
    options.every((each, index) => select.options[index]?.value === each.value);
  if (!isSame) select.replaceChildren(...options.map((each) => new Option(each.label, each.value)));
  const wanted = options.some((each) => each.value === value) ? value : (options[0]?.value ?? '');
  if (select.value !== wanted) select.value = wanted;
}

/** Moves focus and choice within a list of tabs by the arrow keys, as WAI-ARIA asks for. */
export function moveByKeys(list: HTMLElement, choose: (index: number) => void): void {
  list.addEventListener('keydown', (event) => {
    const tabs = [...list.querySelectorAll('[role=tab]')];
    const { activeElement } = document;
    const index = activeElement === null ? -1 : tabs.indexOf(activeElement);
    const targets: Readonly<Record<string, number>> = {
      ArrowRight: (index + 1) % tabs.length,
      ArrowLeft: (index - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const target = targets[event.key];
    if (index < 0 || target === undefined) return;
    event.preventDefault();
    choose(target);
    const tab = list.querySelectorAll('[role=tab]')[target];
    if (tab instanceof HTMLElement) tab.focus();
  });
}
