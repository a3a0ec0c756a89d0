import { randomUUID } from 'node:crypto';
import { Value } from 'typebox/value';
import type { CommandDefinition } from '#drivers/command';
import { driverEntry } from '#drivers/registry';
import { type CommandReport, commandStates, type DeviceCommand, saysMore } from '#flows/command';
import type { Emission, Event } from '#flows/event';
import { type Signer, signDocument } from '#flows/trust/sign';
import type { Status } from '#flows/wire';
import type { CommandActions, CommandView, CommandWish } from './api/types.ts';
import type { Audit } from './audit.ts';
import { faults } from './faults.ts';
import type { DocumentStore } from './store/store.ts';

export interface DeviceCommandsOptions {
  readonly documents: DocumentStore;
  /** Name of the document that holds them: each hub keeps those that were asked for at it. */
  readonly document: string;
  readonly signer: Signer;
  readonly audit: Audit;
  readonly now: () => number;
  readonly status: (box: string) => Status | undefined;
  readonly siteOf: (box: string) => string | undefined;
  /** False when the box is not connected: it is sent when the box is back. */
  readonly send: (box: string, command: DeviceCommand) => boolean;
  /** An event of the hub itself. */
  readonly raise: (site: string, emission: Emission) => void;
}

interface Known {
  readonly view: CommandView;
  /** As signed; the same bytes go however often it is sent. */
  readonly command?: DeviceCommand;
}

const maxKnown = 1000;
const usualWindowMs = 600_000;
const maxWindowMs = 86_400_000;

/** Commands to devices: who asked, who agreed, what was signed and sent, and what the box and the device made of it. */
export async function createDeviceCommands(options: DeviceCommandsOptions) {
  const { audit, document, now } = options;
  const stored = ((await options.documents.get(document)) ?? []) as Known[];
  const commands = new Map(stored.map((known) => [known.view.id, known]));
  let written: Promise<void> = Promise.resolve();

  async function put(known: Known): Promise<void> {
    commands.set(known.view.id, known);
    for (const id of commands.keys()) if (commands.size > maxKnown) commands.delete(id);
    const all = [...commands.values()];
    // One after the other, so that the newest is written last; one that failed does not hold up the next.
    written = written.catch(() => undefined).then(() => options.documents.put(document, all));
    await written;
  }

  function definitionOf({ box, flow, node, action }: CommandWish): CommandDefinition {
    const device = options.status(box)?.devices.find(({ node: name }) => name === `${flow}/${node}`);
    const definition = driverEntry(device?.driver ?? '')?.commands?.find((known) => known.action === action);
    if (!definition) throw faults.fault('command.unknown', { action, node: `${flow}/${node}`, box });
    return definition;
  }

  const changed = (view: CommandView, more: Partial<CommandView>): CommandView => ({
    ...view,
    ...more,
    changed: new Date(now()).toISOString(),
  });

  /** Signs what is agreed and sends it. */
  async function authorise(view: CommandView, definition: CommandDefinition): Promise<CommandView> {
    const { id, box, flow, node, device, action, parameters, timeoutSeconds, reason } = view;
    const { container, zone, notBefore, notAfter, askedBy, approvedBy } = view;
    const command: DeviceCommand = signDocument(
      {
        kind: 'device-command' as const,
        version: 1 as const,
        id,
        box,
        flow,
        node,
        device,
        action,
        parameters,
        ...(definition.confirmedBy ? { expected: definition.confirmedBy } : {}),
        timeoutSeconds,
        authorisation: {
          id: randomUUID(),
          device,
          action,
          ...(container === undefined ? {} : { container }),
          ...(zone ? { zone } : {}),
          notBefore,
          notAfter,
          officers: [askedBy, ...(approvedBy === undefined ? [] : [approvedBy])],
          reason,
          nonce: randomUUID(),
        },
        issued: new Date(now()).toISOString(),
        expires: notAfter,
      },
      options.signer,
    );
    const approved = changed(view, { state: 'approved' });
    await put({ view: approved, command });
    options.send(box, command);
    return commands.get(id)?.view ?? approved;
  }

  async function report(said: CommandReport): Promise<void> {
    const known = commands.get(said.command);
    if (!known || known.view.box !== said.box) return;
    const before = commandStates.find((state) => state === known.view.state);
    if (!saysMore(before, said.state)) return;
    const { state, acknowledged, late, code, detail } = said;
    const more = { ...(late ? { late } : {}), ...(code ? { code } : {}), ...(detail ? { detail } : {}) };
    const { code: _, detail: __, ...rest } = known.view;
    await put({ ...known, view: changed(rest, { state, acknowledged, ...more }) });
    await audit.note(`box:${said.box}`, `command.${state}`, said.command, said);
  }

  return {
    list: (): CommandView[] => [...commands.values()].map(({ view }) => view).reverse(),
    /** What the devices of a box can be told, as far as its status goes. */
    actions: (box: string): CommandActions['actions'] =>
      (options.status(box)?.devices ?? []).flatMap(({ node: at, driver }) => {
        const [flow = '', node = ''] = at.split('/');
        const known = driverEntry(driver)?.commands ?? [];
        return known.map(({ action, summary, physical, parameters }) => ({
          flow,
          node,
          action,
          summary,
          physical,
          parameters: { ...parameters },
        }));
      }),
    get: (id: string): CommandView | undefined => commands.get(id)?.view,
    /** Throws `command.unknown`, `command.wrong`. */
    async ask(wish: CommandWish, actor: string): Promise<CommandView> {
      const definition = definitionOf(wish);
      const { parameters = {}, timeoutSeconds = 60, notBefore, notAfter } = wish;
      if (!Value.Check(definition.parameters, parameters)) {
        const [error] = Value.Errors(definition.parameters, parameters);
        const detail = `parameters${error?.instancePath ?? ''} ${error?.message ?? ''}`;
        throw faults.fault('command.wrong', { detail });
      }
      const from = notBefore ?? new Date(now()).toISOString();
      const to = notAfter ?? new Date(Date.parse(from) + usualWindowMs).toISOString();
      const windowMs = Date.parse(to) - Date.parse(from);
      if (!(windowMs > 0 && windowMs <= maxWindowMs && Date.parse(to) > now()))
        throw faults.fault('command.wrong', { detail: 'it may be from now on, for at most 24 hours' });
      const view = changed(
        {
          ...wish,
          id: randomUUID(),
          site: options.siteOf(wish.box) ?? '',
          parameters,
          timeoutSeconds,
          notBefore: from,
          notAfter: to,
          physical: definition.physical,
          askedBy: actor,
          asked: new Date(now()).toISOString(),
          changed: '',
          state: 'asked',
        },
        {},
      );
      await put({ view });
      await audit.note(actor, 'command.ask', view.id, view);
      return definition.physical ? view : authorise(view, definition);
    },
    /** Throws `command.over`, `command.same`, `command.unknown`. */
    async approve(id: string, actor: string): Promise<CommandView> {
      const view = commands.get(id)?.view;
      if (!view) throw faults.fault('api.notFound', { what: `command ${id}` });
      if (view.state !== 'asked' || Date.parse(view.notAfter) < now())
        throw faults.fault('command.over', { id, state: view.state === 'asked' ? 'expired' : view.state });
      if (view.askedBy.trim().toLowerCase() === actor.trim().toLowerCase())
        throw faults.fault('command.same', { person: actor });
      const definition = definitionOf(view);
      const approved = changed(view, { approvedBy: actor, state: 'approved' });
      // At once, so that two who approve in the same moment sign one command.
      commands.set(id, { view: approved });
      await audit.note(actor, 'command.approve', id, approved);
      return authorise(approved, definition);
    },
    report,
    /** Reports that a box has sent as events count as those of the link. */
    async stored(events: readonly Event[]): Promise<void> {
      for (const { type, box, data } of events)
        if (type.startsWith('quaywatch.command.'))
          await report({ kind: 'command-report', box, ...data } as unknown as CommandReport);
    },
    /** A box is back: what it has not reported goes again; it carries out each command once. */
    ready(box: string): void {
      for (const { view, command } of commands.values()) {
        const open: readonly CommandView['state'][] = ['approved', 'sent', 'acknowledged'];
        if (command && view.box === box && open.includes(view.state) && Date.parse(view.notAfter) > now())
          options.send(box, command);
      }
    },
    /** What nobody approved, or no box has reported, by the end of its time. */
    async tick(): Promise<void> {
      for (const known of [...commands.values()]) {
        const { view } = known;
        if ((view.state !== 'asked' && view.state !== 'approved') || Date.parse(view.notAfter) > now())
          continue;
        const { id, site, device, action, state } = view;
        await put({ ...known, view: changed(view, { state: 'expired' }) });
        await audit.note('hub', 'command.expire', id, state);
        const authorisation = known.command?.authorisation.id;
        options.raise(site, {
          type: 'quaywatch.authorisation.expired',
          priority: 'verdict',
          subject: device,
          stage: 'commands',
          time: view.notAfter,
          data: { command: id, ...(authorisation ? { authorisation } : {}), device, action },
        });
      }
    },
  };
}
export type DeviceCommands = Awaited<ReturnType<typeof createDeviceCommands>>;
