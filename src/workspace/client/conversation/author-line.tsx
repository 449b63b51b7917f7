import type { PersonOnScreen } from '../../wire.ts';
import { useSeen } from '../screen-context.tsx';
import { MessageTime } from './message-time.tsx';

/** Who wrote, what they are if they are no colleague, and when. */
export function AuthorLine({ author, ts }: { author: PersonOnScreen; ts: string }) {
  const { me } = useSeen().screen;
  return (
    <p className="author">
      <b className="author-name">{author.name}</b>
      {author.standing === 'bot' && <span className="tag">App</span>}
      {author.team !== me.team && author.standing !== 'bot' && author.team !== '' && (
        <span className="tag tag-company">{author.team}</span>
      )}
      <MessageTime ts={ts} />
    </p>
  );
}
