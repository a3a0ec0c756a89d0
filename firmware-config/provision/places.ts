/** Where the parts of an appliance lie. */
export const places = {
  /** Both slots and what stands between them; of root. */
  software: '/opt/quaywatch',
  /** The slot that runs. */
  current: '/opt/quaywatch/current',
  /** The program outside the slots that starts the right one. */
  slotGuard: '/usr/local/lib/quaywatch/slots',
  /** Of every box: config, token, secrets. */
  config: '/etc/quaywatch',
} as const;
