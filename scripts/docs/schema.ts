/** The parts of JSON Schema that our definitions use. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
}

/** A definition as the JSON Schema that it is. */
export const asSchema = (definition: object): Schema => JSON.parse(JSON.stringify(definition));

/** One field of a config as the reference shows it. */
export interface Field {
  /** Path from the config: `outbox.maxBytes`, `sites[].id`, `aggregates.<name>.fn`. */
  readonly path: string;
  readonly type: string;
  /** Required, optional, or the default. */
  readonly given: string;
  readonly bounds: string;
  readonly description: string;
}

/** Every field of an object schema, nested ones after the one that they are in. */
export function fieldsOf(schema: Schema, prefix = ''): Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix + name;
    const required = schema.required?.includes(name) ?? false;
    return [
      {
        path,
        type: typeOf(field),
        given: field.default === undefined ? (required ? 'required' : 'optional') : code(field.default),
        bounds: boundsOf(field),
        description: field.description ?? '',
      },
      ...nested(field, path),
    ];
  });
}

function nested(field: Schema, path: string): Field[] {
  const values = Object.values(field.patternProperties ?? {});
  return [
    ...fieldsOf(field, `${path}.`),
    ...(field.items ? inside(field.items, `${path}[]`) : []),
    ...values.flatMap((value) => inside(value, `${path}.<name>`)),
    ...(field.anyOf ?? []).flatMap((branch) => nested(branch, path)),
  ];
}

const inside = (schema: Schema, path: string): Field[] => nested(schema, path);

export function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.items) return `list of ${typeOf(schema.items)}`;
  const values = Object.values(schema.patternProperties ?? {});
  if (values.length > 0) return `map of ${values.map(typeOf).join(' or ')}`;
  return schema.type === undefined ? 'anything' : schema.type === 'string' ? 'text' : schema.type;
}

function boundsOf(schema: Schema): string {
  const bounds: [string, unknown][] = [
    ['≥', schema.minimum],
    ['>', schema.exclusiveMinimum],
    ['≤', schema.maximum],
    ['<', schema.exclusiveMaximum],
    ['length ≥', schema.minLength],
    ['length ≤', schema.maxLength],
    ['items ≥', schema.minItems],
    ['items ≤', schema.maxItems],
  ];
  const said = bounds.filter(([, bound]) => bound !== undefined).map(([sign, bound]) => `${sign} ${bound}`);
  return [...said, ...(schema.pattern === undefined ? [] : [`matches \`${schema.pattern}\``])].join(', ');
}

const code = (value: unknown): string => `\`${JSON.stringify(value)}\``;
