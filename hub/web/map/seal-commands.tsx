import { useState } from 'react';
import type { CommandView } from '#hub/api/types';
import { Age } from '../parts/age.tsx';
import { Problem } from '../parts/problem.tsx';
import { useScreen } from '../parts/screen-context.tsx';
import type { StateLook } from '../parts/state-mark.tsx';
import { StateWord } from '../parts/state-word.tsx';
import { useStore } from '../state/store.ts';
import { useCommands } from './use-commands.ts';

const shownCommands = 3;

const looks: Readonly<Record<CommandView['state'], readonly [StateLook, string]>> = {
  asked: ['waiting', 'waits for a second person'],
  approved: ['waiting', 'on its way to the box'],
  sent: ['waiting', 'sent to the seal'],
  acknowledged: ['waiting', 'acknowledged; the seal has not reported yet'],
  confirmed: ['good', 'done: the seal itself reports it'],
  timedOut: ['alarm', 'not reported in time: look at the seal'],
  failed: ['alarm', 'failed'],
  refused: ['warn', 'refused by the box'],
  expired: ['off', 'its time is over'],
};

/** Opening and closing a seal: one person asks with a reason, another approves, and the seal says what came of it. */
export function SealCommands({ box, device, seal }: { box: string; device: string; seal: string }) {
  const screen = useScreen();
  const signIn = useStore(screen.signIn);
  const live = useStore(screen.cursor).mode === 'live';
  const { actions, commands, problem, send } = useCommands(box, device);
  const session = signIn.state === 'in' ? signIn.session : undefined;
  const wanted = seal === 'unlocked' ? 'lock' : 'unlock';
  const known = actions.find(({ action }) => action === wanted);
  const open = commands.some(({ state }) => ['asked', 'approved', 'sent', 'acknowledged'].includes(state));
  const mayAsk = live && known && !open && session?.roles.includes('operator');
  if (!known && commands.length === 0) return null;
  return (
    <section data-testid="seal-commands">
      <h3>Opening and closing</h3>
      {problem && <Problem problem={problem} />}
      {mayAsk && (
        <Ask
          action={wanted}
          onAsk={(reason) => {
            const { flow, node } = known;
            return send('/commands', { box, flow, node, device, action: wanted, reason });
          }}
        />
      )}
      {commands.slice(0, shownCommands).map((command) => (
        <Command
          key={command.id}
          command={command}
          mayApprove={
            live && session?.roles.includes('inspector') === true && session.user !== command.askedBy
          }
          onApprove={() => void send(`/commands/${command.id}/approve`, {})}
        />
      ))}
    </section>
  );
}

function Ask({ action, onAsk }: { action: 'lock' | 'unlock'; onAsk: (reason: string) => Promise<boolean> }) {
  const [reason, setReason] = useState<string>();
  const word = action === 'lock' ? 'Lock' : 'Unlock';
  if (reason === undefined)
    return (
      <button type="button" className="button" onClick={() => setReason('')}>
        {word}…
      </button>
    );
  return (
    <form
      className="command-ask"
      onSubmit={(event) => {
        event.preventDefault();
        void onAsk(reason.trim()).then((taken) => taken && setReason(undefined));
      }}
    >
      <label>
        Why
        <input
          className="input"
          type="text"
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <div className="actions">
        <button type="submit" className="button" disabled={reason.trim().length < 3}>
          Ask to {action}
        </button>
        <button type="button" className="button quiet" onClick={() => setReason(undefined)}>
          Cancel
        </button>
      </div>
      <p className="muted">A second person must approve it within ten minutes.</p>
    </form>
  );
}

interface CommandProps {
  readonly command: CommandView;
  readonly mayApprove: boolean;
  readonly onApprove: () => void;
}

function Command({ command, mayApprove, onApprove }: CommandProps) {
  const { action, state, askedBy, approvedBy, reason, detail, late, changed } = command;
  const [look, word] = looks[state];
  return (
    <div className="command">
      <div>
        <strong>{action === 'lock' ? 'Lock' : action === 'unlock' ? 'Unlock' : action}</strong>{' '}
        <span className="muted">
          <Age time={changed} />
        </span>
      </div>
      <StateWord look={look} word={late ? `${word}, late` : word} />
      {detail && <p className="muted">{detail}</p>}
      <p className="muted">
        {askedBy}
        {approvedBy ? ` and ${approvedBy}` : ''}: {reason}
      </p>
      {state === 'asked' && mayApprove && (
        <button type="button" className="button" onClick={onApprove}>
          Approve
        </button>
      )}
      {state === 'asked' && !mayApprove && (
        <p className="muted">Another person with the role inspector must approve it.</p>
      )}
    </div>
  );
}
