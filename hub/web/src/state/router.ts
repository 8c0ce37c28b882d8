import { computed, signal } from '@preact/signals';
import { formatRoute, parseRoute, type Route } from '../logic/route.ts';

const address = signal({ pathname: window.location.pathname, search: window.location.search });

/** Where the user is. */
export const route = computed(() => parseRoute(address.value.pathname, address.value.search));

/** Counts navigations to another page, so that the focus can follow; the first page does not count. */
export const pageChanges = signal(0);

function read(): void {
  address.value = { pathname: window.location.pathname, search: window.location.search };
}

/** Goes to a route; what is not named (window, range) stays as it is, so that it goes along from page to page. */
export function navigate(to: Partial<Route> & { readonly path: string }, replace = false): void {
  const { window: choice, from, to: end } = route.value;
  go(formatRoute({ window: choice, from, to: end, ...to }), replace);
}

function go(url: string, replace: boolean): void {
  const before = window.location.pathname;
  if (replace) window.history.replaceState(null, '', url);
  else window.history.pushState(null, '', url);
  read();
  if (!replace && window.location.pathname !== before) {
    window.scrollTo(0, 0);
    pageChanges.value += 1;
  }
}

/** The address of another page with the window that the user has chosen. */
export function hrefOf(path: string): string {
  const { window: choice, from, to } = route.value;
  return formatRoute({ path, window: choice, from, to });
}

/** Follows the browser's own navigation, and takes plain clicks on links of this dashboard. */
export function startRouter(): void {
  window.addEventListener('popstate', () => {
    const before = address.peek().pathname;
    read();
    // A jump within the page, such as the skip link's, comes here too and must keep its own focus.
    if (window.location.pathname !== before) pageChanges.value += 1;
  });
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.origin !== window.location.origin) return;
    // What the hub itself serves, and jumps within the page, are the browser's.
    if (link.target !== '' || link.pathname.startsWith('/api/') || link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    go(link.pathname + link.search, false);
  });
}
