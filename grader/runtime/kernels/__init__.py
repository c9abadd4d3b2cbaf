"""Kernels, and where they come from: forked from a server, or plain ones that were started ahead."""

from grader.runtime.kernels.protocol import Kernel, KernelSource
from grader.runtime.kernels.sources import begin, source_of

__all__ = ["Kernel", "KernelSource", "begin", "source_of"]
