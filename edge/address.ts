export { formatAddress, type HostPort, parseAddress } from '#firmware-config/address';
