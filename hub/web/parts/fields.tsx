/** Names and values, one line each. */
export function Fields({ children }: { children: React.ReactNode }) {
  return <dl className="fields">{children}</dl>;
}

export function Field({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
