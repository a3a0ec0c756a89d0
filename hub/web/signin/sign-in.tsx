import { useState } from 'react';
import type { ApiProblem, Session } from '#hub/api/types';
import { problemOf } from '../api/client.ts';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import type { SignIn } from '../state/screen.ts';

/** Name and password, for those who have no one-time link. What was on the screen comes back after it. */
export function SignInPage({ signIn }: { signIn: SignIn & { state: 'out' } }) {
  const screen = useScreen();
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<ApiProblem | undefined>(undefined);
  const problem = refused ?? signIn.problem;

  async function submit(event: React.FormEvent) {
    event.preventDefault();
    setBusy(true);
    setRefused(undefined);
    try {
      screen.enter(await screen.client.send<Session>('POST', '/session', { user, password }));
    } catch (error) {
      setRefused(problemOf(error));
      setBusy(false);
    }
  }

  return (
    <main className="sign-in" data-testid="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Quaywatch</h1>
        {signIn.ended && !problem && (
          <p className="warn" role="status" data-testid="session-ended">
            Your session has ended. Sign in to go on where you were.
          </p>
        )}
        {problem && <Problem problem={problem} />}
        <label>
          Name
          <input
            className="input"
            name="user"
            autoComplete="username"
            required
            data-testid="user"
            value={user}
            onChange={(e) => setUser(e.target.value)}
          />
        </label>
        <label>
          Password
          <input
            className="input"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            data-testid="password"
            value={password}
            onChange={(e) => setPassword(e.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={busy} data-testid="submit">
          {busy ? 'Signing in …' : 'Sign in'}
        </button>
        <p className="muted">
          Or open the one-time link that the hub printed at its start. Each link works once.
        </p>
      </form>
    </main>
  );
}
