import { useCallback, useEffect, useState } from 'react';

export type Theme = 'dark' | 'light';
const key = 'quaywatch.theme';

/** Dark unless chosen otherwise on this machine. */
export function useTheme(): [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(() => (localStorage.getItem(key) === 'light' ? 'light' : 'dark'));
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem(key, theme);
    window.dispatchEvent(new Event(themeEvent));
  }, [theme]);
  return [theme, useCallback(() => setTheme((now) => (now === 'dark' ? 'light' : 'dark')), [])];
}

/** What draws by itself, such as the map, takes its colours anew on it. */
export const themeEvent = 'quaywatch:theme';
