/** Files in the data folder. */
export const places = (data: string) => ({
  database: `${data}/hub.sqlite`,
  series: `${data}/series.sqlite`,
  keys: `${data}/keys`,
  /** Files of scans, a folder a box. */
  scans: `${data}/scans`,
  /** Bundles that were imported, signed. */
  bundles: `${data}/bundles`,
  /** The one-time link of this start, mode 0600. */
  signIn: `${data}/sign-in.url`,
});
