export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
}

/** `mqtt://host[:port]` or `mqtts://host[:port]`; undefined when it is none. */
export function parseBrokerUrl(text: string): BrokerAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, port, username, password } = new URL(text);
  const secure = protocol === 'mqtts:';
  if ((!secure && protocol !== 'mqtt:') || hostname === '' || username !== '' || password !== '')
    return undefined;
  const host = hostname.replace(/^\[|\]$/g, '');
  return { host, port: port === '' ? (secure ? 8883 : 1883) : Number(port), secure };
}
