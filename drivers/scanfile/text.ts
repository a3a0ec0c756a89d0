/** The first things that are wrong, in one line. */
export const problemsText = (wrong: readonly { readonly path: string; readonly message: string }[]): string =>
  wrong
    .slice(0, 3)
    .map(({ path, message }) => `${path} ${message}`)
    .join('; ');
