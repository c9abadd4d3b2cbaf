"""Neural networks as pure functions on the engine: nothing here has a backward pass, and nothing has a hidden state.

A model is a module with ``init(rng, ...) -> params``, nested lists and dicts of arrays, and ``apply(params, x, ...)``,
ordinary numpy: run it on arrays, differentiate it with ``reference.autodiff``, or compile it. The models are ``mlp``,
``rnn``, ``lstm``, ``gru``, ``attention``, ``layer_norm``, ``embedding`` and ``transformer``; beside them stand
``initialisers``, ``losses``, optimizers over whole trees of parameters (``optim``), a training loop (``training``) and
Fisher's ``iris``. Notebooks use them, and they are the truth that backward passes written by hand are held against.
They stand on the model answers of the units ``layers`` and ``optimizers``.
"""
