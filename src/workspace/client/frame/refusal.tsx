import { Button } from 'react-aria-components';
import { anybody, type Refused } from '../driver.ts';

/** Why nobody can look as this person, and a way on. */
export function Refusal(props: { refused: Refused; choose: (as: string | undefined) => void }) {
  const { refused, choose } = props;
  const isGone = refused.error === 'person_deactivated';
  return (
    <main className="refusal">
      <h1>{isGone ? 'This account has been deactivated' : 'There is nobody here'}</h1>
      <p>{refused.message}</p>
      <Button className="button button-primary" onPress={() => void anybody().then(choose)}>
        Look as somebody else
      </Button>
    </main>
  );
}
