"""Log-mel features exactly as faster-whisper computes them, in torch."""

import numpy as np
import numpy.typing as npt
import torch
from faster_whisper.feature_extractor import FeatureExtractor
from torch import Tensor
from torch.nn import functional

SAMPLES_PER_FRAME = 160
WINDOW_SAMPLES = 400
FRAMES_PER_SECOND = 100

_filters = torch.tensor(FeatureExtractor().mel_filters)
_window = torch.hann_window(WINDOW_SAMPLES)


def log_mel(sound: npt.NDArray[np.float32]) -> Tensor:
    """Return features of shape (80, frames) for 16 kHz mono sound."""
    samples = functional.pad(torch.from_numpy(np.ascontiguousarray(sound)), (0, SAMPLES_PER_FRAME))
    spectrum = torch.stft(
        samples, WINDOW_SAMPLES, SAMPLES_PER_FRAME, window=_window, return_complex=True
    )
    power = spectrum[..., :-1].abs() ** 2
    levels = (_filters @ power).clamp(min=1e-10).log10()
    levels = torch.maximum(levels, levels.max() - 8)
    return (levels + 4) / 4
