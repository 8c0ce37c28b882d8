import { effect, signal } from '@preact/signals';

/** Light or dark; `auto` follows the system. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'plantbridge-theme';

function stored(): Theme {
  try {
    const value = window.localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === value) ?? 'auto';
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
    return 'auto';
  }
}

export const theme = signal<Theme>(stored());
const systemDark = window.matchMedia('(prefers-color-scheme: dark)');
/** Changes whenever colours do: charts on canvas must be drawn anew. */
export const paintKey = signal(0);

/** Applies the theme to the document and remembers it. */
export function startTheme(): void {
  effect(() => {
    const root = document.documentElement;
    if (theme.value === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme.value;
    try {
      if (theme.value === 'auto') window.localStorage.removeItem(KEY);
      else window.localStorage.setItem(KEY, theme.value);
    } catch {
      // See above.
    }
    paintKey.value = paintKey.peek() + 1;
  });
  systemDark.addEventListener('change', () => {
    paintKey.value += 1;
  });
}

/** What a custom property such as `--accent` is right now, as a colour that a canvas understands. */
export function colourOf(property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  document.body.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}
