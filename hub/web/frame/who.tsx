import { shortDuration } from '../format/time.ts';
import { Icon } from '../parts/icon.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import { useStore } from '../state/store.ts';

/** Who is signed in; near the end of the session, how long it still lasts. */
export function Who() {
  const screen = useScreen();
  const signIn = useStore(screen.signIn);
  const now = useStore(screen.present);
  if (signIn.state !== 'in') return null;
  const left = Date.parse(signIn.session.expires) - now;
  return (
    <div className="who">
      <span className="name">{signIn.session.user}</span>
      {left < 600_000 && <span className="warn nowrap">session ends in {shortDuration(left)}</span>}
      <button
        type="button"
        className="button quiet icon"
        title={`Sign out ${signIn.session.user}`}
        aria-label={`Sign out ${signIn.session.user}`}
        data-testid="sign-out"
        onClick={() => void screen.leave()}
      >
        <Icon name="signOut" />
      </button>
    </div>
  );
}
