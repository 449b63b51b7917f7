import type { BlockOnScreen } from '../../wire.ts';
import { Linked } from '../text/linked.tsx';
import { textOf, words } from './block-json.ts';

/** A video as a link to where it plays: this page plays nothing of other sites. */
export function VideoBlock({ block }: { block: BlockOnScreen }) {
  const address = textOf(block['title_url']) || textOf(block['video_url']);
  return (
    <div className="video-block">
      <Linked address={address}>{words(block['title'])}</Linked>
      <p>{words(block['description'])}</p>
      <img src={textOf(block['thumbnail_url'])} alt={textOf(block['alt_text'])} />
    </div>
  );
}
