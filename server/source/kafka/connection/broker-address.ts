/** A broker's host and port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Where brokers are really reached: by the address that they have (or say they have), as `host:port`. */
export type AddressMap = ReadonlyMap<string, string>;

/** `host:port`, `[::1]:port`, or a host alone with Kafka's usual port. */
export function splitAddress(address: string): HostPort {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(address.trim());
  return { host: match?.[1] ?? match?.[2] ?? address, port: Number(match?.[3] ?? 9092) };
}

/** `host:port`, with brackets around an IPv6 address. */
export function joinAddress({ host, port }: HostPort): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Where to dial for a broker; host names are compared without regard to case. */
export function reachableAddress(broker: HostPort, map: AddressMap | undefined): HostPort {
  const reachable = map?.get(joinAddress(broker).toLowerCase());
  return reachable === undefined ? broker : splitAddress(reachable);
}

/** The address for people: where it is reached, too, when that is another one. */
export function describeAddress(broker: HostPort, map: AddressMap | undefined): string {
  const address = joinAddress(broker);
  const reached = joinAddress(reachableAddress(broker, map));
  return reached === address ? address : `${address} (reached at ${reached})`;
}
