"""Training examples: windows of one to three clips with pauses, noise, filters and speed."""

from random import Random
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tools.demo_speech.speech import RATE, Clip
from tools.demo_speech.tokens import Vocabulary

Sound = npt.NDArray[np.float32]

NOISE_ONLY = 0.03  # so often nobody speaks, and the model must say so
MAX_SPEED_CHANGE = 0.08


class Example(NamedTuple):
    """Sound and what is to be written; speech ends at `seconds`."""

    sound: Sound
    tokens: list[int]
    phonemes: list[int]
    seconds: float


class Corpus(NamedTuple):
    clips: list[Clip]
    pcm: npt.NDArray[np.int16]
    phonemes: dict[str, list[int]]


class Windows:
    """Draws examples; the same seed gives the same ones."""

    def __init__(self, corpus: Corpus, vocabulary: Vocabulary, seed: int) -> None:
        self._corpus = corpus
        self._vocabulary = vocabulary
        self.dice = Random(seed)
        self._noise = np.random.default_rng(seed)

    def draw(self, length: float, sentences: int) -> Example:
        """Return a window of at most `length` seconds holding up to so many whole sentences."""
        if self.dice.random() < NOISE_ONLY:
            return self._nobody_speaks(length)
        pieces = [_silence(self.dice.uniform(0.05, 0.6))]
        tokens, phonemes = [self._vocabulary.start], list[int]()
        ends = pieces[0].size / RATE
        for place in range(sentences):
            clip, sound = self._clip()
            while place == 0 and ends + sound.size / RATE > length - 0.1:
                clip, sound = self._clip()
            begins = sum(piece.size for piece in pieces) / RATE
            if begins + sound.size / RATE > length - 0.1:
                break
            ends = begins + sound.size / RATE
            tokens.append(self._vocabulary.time(begins if place else 0.0))
            tokens += [*self._vocabulary.text(clip.text), self._vocabulary.time(ends)]
            phonemes += self._corpus.phonemes[clip.text]
            pieces += [sound, _silence(self.dice.uniform(0.15, 1.0))]
        whole = np.concatenate(pieces)[: int(length * RATE)]
        return Example(self._roughened(whole), [*tokens, self._vocabulary.end], phonemes, ends)

    def _nobody_speaks(self, length: float) -> Example:
        samples = int(length * RATE * self.dice.uniform(0.2, 1))
        level = 10 ** self.dice.uniform(-4, -1.5)
        sound = (self._noise.standard_normal(samples) * level).astype(np.float32)
        vocabulary = self._vocabulary
        return Example(sound, [vocabulary.start, vocabulary.no_speech, vocabulary.end], [], length)

    def _clip(self) -> tuple[Clip, Sound]:
        """Return a clip, spoken a little faster or slower, louder or softer."""
        clip = self._corpus.clips[self.dice.randrange(len(self._corpus.clips))]
        speed = self.dice.uniform(1 - MAX_SPEED_CHANGE, 1 + MAX_SPEED_CHANGE)
        pcm = self._corpus.pcm[clip.offset : clip.offset + clip.length].astype(np.float32) / 32768
        places = np.arange(int(clip.length / speed)) * speed
        sound = np.interp(places, np.arange(clip.length), pcm) * self.dice.uniform(0.5, 1)
        return clip, sound.astype(np.float32)

    def _roughened(self, sound: Sound) -> Sound:
        """Add what microphones add: noise, colour, a level."""
        if self.dice.random() < 0.8:  # noqa: PLR2004
            level = 10 ** self.dice.uniform(-4.5, -1.9)
            sound = sound + self._noise.standard_normal(sound.size).astype(np.float32) * level
        if self.dice.random() < 0.4:  # noqa: PLR2004
            taps = self._noise.standard_normal(9).astype(np.float32) * 0.15
            taps[4] += 1
            sound = np.convolve(sound, taps, "same")
        return (sound * self.dice.uniform(0.2, 1)).astype(np.float32)


def _silence(seconds: float) -> Sound:
    return np.zeros(int(seconds * RATE), dtype=np.float32)
