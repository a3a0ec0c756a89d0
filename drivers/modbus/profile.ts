import { type Static, Type } from 'typebox';

const at = Type.Integer({
  description: 'Offset from the first register of the block.',
  minimum: 0,
  maximum: 2000,
});

export const RegisterType = Type.Enum(['u16', 'i16', 'u32', 'i32', 'u64', 'f32', 'f64', 'bcd32', 'bit'], {
  description:
    'How the value lies in its registers; `bit` is one of coils or discrete inputs, or of a register.',
});

export const RegisterReading = Type.Object(
  {
    name: Type.String({ description: 'Name of the reading.', minLength: 1 }),
    unit: Type.String({ description: 'Unit after scaling, UCUM.', minLength: 1 }),
    at,
    type: RegisterType,
    bit: Type.Optional(
      Type.Integer({ description: 'Which bit of the register, 0 the least.', minimum: 0, maximum: 15 }),
    ),
    scale: Type.Number({ description: 'The raw value is multiplied with it.', default: 1 }),
    offset: Type.Number({ description: 'Added after scaling.', default: 0 }),
    sentinels: Type.Array(Type.Number(), {
      description: 'Raw values that stand for none: the reading is withheld. NaN always is.',
      default: [],
    }),
    min: Type.Optional(Type.Number({ description: 'Below it the reading is bad.' })),
    max: Type.Optional(Type.Number({ description: 'Above it the reading is bad.' })),
    frozenAfter: Type.Optional(
      Type.Integer({
        description: 'The very same raw value so many times in a row makes the reading suspect.',
        minimum: 2,
      }),
    ),
    rollover: Type.Optional(
      Type.Number({
        description:
          'The raw value of a totaliser begins again at 0 when it comes to this; readings then carry their increment.',
        exclusiveMinimum: 0,
      }),
    ),
  },
  { description: 'One value of a block.', additionalProperties: false },
);
export type RegisterReading = Static<typeof RegisterReading>;

export const Block = Type.Object(
  {
    functionCode: Type.Enum([1, 2, 3, 4], {
      description: 'Read coils (1), discrete inputs (2), holding registers (3) or input registers (4).',
    }),
    address: Type.Integer({
      description: 'First address, from 0 as on the wire.',
      minimum: 0,
      maximum: 65_535,
    }),
    count: Type.Integer({
      description: 'Registers or bits that are read at once.',
      minimum: 1,
      maximum: 2000,
    }),
    readings: Type.Array(RegisterReading, { description: 'What is in it.' }),
    sequence: Type.Optional(
      Type.Object(
        { at, type: Type.Enum(['u16', 'u32'], { description: 'How it lies in its registers.' }) },
        {
          description:
            'Counts up with every result of the device: readings are taken only when it has changed.',
          additionalProperties: false,
        },
      ),
    ),
    status: Type.Optional(
      Type.Object(
        {
          at,
          mask: Type.Integer({
            description: 'Bits of the register that are looked at.',
            minimum: 0,
            maximum: 65_535,
          }),
          good: Type.Integer({
            description: 'What they are when the values count; else the readings are withheld.',
            minimum: 0,
            maximum: 65_535,
          }),
        },
        { description: 'Where the device says whether its values count.', additionalProperties: false },
      ),
    ),
  },
  {
    description: 'Registers that are read in one request, so that they belong to one moment.',
    additionalProperties: false,
  },
);
export type Block = Static<typeof Block>;

const CoilWrite = Type.Object(
  {
    action: Type.Enum(['open', 'close', 'take'], { description: 'What it does.' }),
    coil: Type.Integer({ description: 'Address of the coil, from 0.', minimum: 0, maximum: 65_535 }),
    on: Type.Boolean({ description: 'What the coil is set to.' }),
  },
  { description: 'One coil that does something.', additionalProperties: false },
);

export const Profile = Type.Object(
  {
    id: Type.String({ description: 'Name of the profile.', pattern: '^[a-z0-9-]+$' }),
    summary: Type.String({ description: 'What kind of device it is.' }),
    source: Type.String({ description: 'Where the map comes from.' }),
    wordOrder: Type.Enum(['big', 'little'], {
      description: 'Which register of a value comes first: the one with its high or its low word.',
      default: 'big',
    }),
    byteOrder: Type.Enum(['big', 'little'], {
      description: 'Order of the bytes in a register; Modbus says big.',
      default: 'big',
    }),
    blocks: Type.Array(Block, { description: 'What is read, in order.', minItems: 1, maxItems: 32 }),
    writes: Type.Optional(
      Type.Array(CoilWrite, {
        description: 'Coils by which a barrier is opened and closed, or a sampler takes a sample.',
        maxItems: 2,
      }),
    ),
  },
  { description: 'What a device has in its registers.', additionalProperties: false },
);
export type Profile = Static<typeof Profile>;

const words: Readonly<Record<string, number>> = {
  u16: 1,
  i16: 1,
  u32: 2,
  i32: 2,
  u64: 4,
  f32: 2,
  f64: 4,
  bcd32: 2,
  bit: 1,
};
export const wordsOf = (type: string): number => words[type] ?? 1;

export const isBits = ({ functionCode }: Pick<Block, 'functionCode'>): boolean => functionCode <= 2;

/** What the schema cannot say; an empty list is a profile that can be used. */
export function profileProblems(profile: Profile): string[] {
  const problems: string[] = [];
  const lengths = new Set<string>();
  for (const [i, block] of profile.blocks.entries()) {
    const most = isBits(block) ? 2000 : 125;
    if (block.count > most) problems.push(`blocks[${i}] reads ${block.count}, and ${most} are the most`);
    if (block.address + block.count > 65_536) problems.push(`blocks[${i}] goes beyond the last address`);
    const fields = [
      ...block.readings.map(({ at, type, name }) => ({ at, words: wordsOf(type), name })),
      ...(block.sequence
        ? [{ at: block.sequence.at, words: wordsOf(block.sequence.type), name: 'sequence' }]
        : []),
      ...(block.status ? [{ at: block.status.at, words: 1, name: 'status' }] : []),
    ];
    for (const field of fields)
      if (field.at + field.words > block.count) problems.push(`blocks[${i}] ends before ${field.name}`);
    // A late answer to one block must never pass for the answer to another: only its length tells them apart.
    const key = `${block.functionCode} ${isBits(block) ? Math.ceil(block.count / 8) : block.count}`;
    if (lengths.has(key))
      problems.push(`blocks[${i}] has the length of another: read one register more or less of one of them`);
    lengths.add(key);
  }
  return problems;
}
