/** A port that others may come in on. */
export interface Opening {
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
  /** Network that may; absent: all. */
  readonly from?: string;
  readonly what: string;
}

const match = ({ from }: Opening): string =>
  from === undefined ? '' : `${from.includes(':') ? 'ip6' : 'ip'} saddr ${from} `;

/**
 * The rules of nftables: what the box begins, answers to it, and the ports that the config names; all else that comes in
 * is dropped and counted. Nothing is forwarded.
 */
export function firewall(openings: readonly Opening[]): string {
  const rules = openings.map(
    (opening) =>
      `    ${match(opening)}${opening.protocol} dport ${opening.port} accept comment "${opening.what}"`,
  );
  return `#!/usr/sbin/nft -f
# Written by quaywatch provision.
flush ruleset

table inet quaywatch {
  chain input {
    type filter hook input priority filter; policy drop;
    iif "lo" accept
    ct state established,related accept
    ct state invalid drop
    icmp type { echo-request, destination-unreachable, time-exceeded, parameter-problem } limit rate 20/second accept
    icmpv6 type { echo-request, destination-unreachable, packet-too-big, time-exceeded, parameter-problem, nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } limit rate 50/second accept
    udp dport { 68, 546 } accept comment "addresses by DHCP"
${rules.map((rule) => `${rule}\n`).join('')}    counter comment "turned away"
  }
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
  chain output {
    type filter hook output priority filter; policy accept;
  }
}
`;
}
