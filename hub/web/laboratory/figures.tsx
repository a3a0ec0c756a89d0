/** Figures beside their names. */
export function Figures({ list }: { list: readonly (readonly [name: string, value: string])[] }) {
  return (
    <dl className="lab-figures">
      {list.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Four digits that count. */
export const four = (value: number): string => String(Number(value.toPrecision(4)));
