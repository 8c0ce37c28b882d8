import type { ComponentChildren } from 'preact';

/** A place for wide or long tables, which the keyboard can scroll. */
export function TableScroll({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  const focusable = (element: HTMLElement | null) => {
    if (element !== null) element.tabIndex = 0;
  };
  return (
    <section class="table-scroll" aria-label={label} ref={focusable}>
      {children}
    </section>
  );
}
