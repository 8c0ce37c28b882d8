import { useEffect } from 'preact/hooks';
import { PageTitle, Shell } from './components/shell.tsx';
import { HallPage } from './pages/hall-page.tsx';
import { MachinePage } from './pages/machine-page.tsx';
import { SensorPage } from './pages/sensor-page.tsx';
import { LinePage, SitePage } from './pages/site-page.tsx';
import { follow, link } from './state/live.ts';
import { loadTree, type Place, placeOf, tree, treeFault } from './state/plant.ts';
import { hrefOf, navigate, route } from './state/router.ts';

function Message({ title, children }: { readonly title: string; readonly children: string }) {
  return (
    <>
      <PageTitle name={title} kind="" />
      <p class="message">{children}</p>
    </>
  );
}

function Waiting() {
  const fault = treeFault.value;
  if (fault === undefined) return <Message title="Plantbridge">Asking the hub.</Message>;
  if (fault.status === 401 || fault.status === 403) {
    return (
      <>
        <PageTitle name="Access token needed" kind="" />
        <p class="message">
          Open the address that the terminal printed at the start, or paste the token from the file .plant/token.
        </p>
        <form class="range" action="/" method="get">
          <label>
            Token
            <input name="token" type="password" autocomplete="off" required />
          </label>
          <button type="submit" class="button">
            Open
          </button>
        </form>
      </>
    );
  }
  return <Message title="The hub does not answer">{`${fault.message} Trying again.`}</Message>;
}

function Page({ place }: { readonly place: Place }) {
  const { line, machine, sensor } = place;
  if (machine !== undefined && sensor !== undefined)
    return <SensorPage key={sensor.path} machine={machine} sensor={sensor} />;
  if (machine !== undefined) return <MachinePage key={machine.path} place={place} machine={machine} />;
  if (line !== undefined) return <LinePage key={line.path} place={place} line={line} />;
  return <SitePage key={place.tree.path} place={place} />;
}

/** The whole dashboard: picks the page that the address names. */
export function App() {
  const root = tree.value;
  const { path, hall } = route.value;
  const place = root === undefined ? undefined : placeOf(root, path);
  const status = link.value.status;
  useEffect(() => {
    void loadTree();
  }, []);
  useEffect(() => {
    // Back after a loss, the factory may have changed.
    if (status === 'live' && tree.peek() !== undefined) void loadTree();
  }, [status]);
  useEffect(() => {
    if (root === undefined) return;
    if (path === '') navigate({ path: root.path, hall }, true);
    else follow(place === undefined ? root.path : (place.machine ?? place.line ?? root).path);
  }, [root, path, hall, place?.machine?.path]);
  if (root === undefined || path === '') {
    return (
      <Shell place={undefined}>
        <Waiting />
      </Shell>
    );
  }
  if (place === undefined) {
    return (
      <Shell place={undefined}>
        <PageTitle name="No such place" kind="" />
        <p class="message">
          This factory has nothing called “{path}”. <a href={hrefOf(root.path)}>Go to {root.name}</a>
        </p>
      </Shell>
    );
  }
  if (hall) return <HallPage place={place} />;
  return (
    <Shell place={place}>
      <Page place={place} />
    </Shell>
  );
}
