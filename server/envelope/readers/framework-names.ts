/** The last part of an address: `rabbitmq://host/orders?durable=false` → `orders`. */
export function uriName(text: string): string | null {
  const path = text.slice(0, 2048).split(/[?#]/, 1)[0] ?? '';
  const name = path.split(/[/:]/).findLast((part) => part !== '');
  return name ?? null;
}

/** A message type of MassTransit: `urn:message:Shop.Orders:OrderPlaced` → `Shop.Orders:OrderPlaced`. */
export function urnName(text: string): string {
  return text.replace(/^urn:message:/i, '');
}

/** A .NET type without its assembly, the first of several: `Shop.OrderPlaced, Shop, Version=1.0.0.0` → `Shop.OrderPlaced`. */
export function dotnetType(text: string): string {
  return (text.slice(0, 2048).split(/[,;]/, 1)[0] ?? '').trim();
}
