'use client';

/** Light or dark, kept in a cookie so that the server draws the right one at once. */
export function ThemeToggle() {
  const toggle = () => {
    const root = document.documentElement;
    const dark =
      root.dataset.theme === undefined
        ? matchMedia('(prefers-color-scheme: dark)').matches
        : root.dataset.theme === 'dark';
    root.dataset.theme = dark ? 'light' : 'dark';
    keepCookie('theme', root.dataset.theme);
  };
  return (
    <button
      type="button"
      className="ctl ghost"
      style={{ padding: '0 6px' }}
      onClick={toggle}
      aria-label="Switch between light and dark"
    >
      <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
        <circle cx="7" cy="7" r="5.5" fill="none" stroke="currentColor" strokeWidth="1.4" />
        <path d="M7 1.5a5.5 5.5 0 0 1 0 11z" fill="currentColor" />
      </svg>
    </button>
  );
}

/** Keeps a choice of how pages look on this browser for a year. */
export function keepCookie(name: 'theme' | 'rail', value: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we support.
  document.cookie = `${name}=${value};path=/;max-age=31536000;samesite=strict`;
}
