x = 1  #: module
f = lambda x: x  #: f  x -> f
g = lambda y=x: (x, y)  #: g  x -> module  y -> g
def h(a=lambda b: (b, x), c=lambda: a):  #: h  b -> h  x -> module  a -> a
    return lambda: a + c  # a -> h  c -> h
nested = lambda: lambda x: [  #: inner
    x for y in x]  # x -> inner
star = lambda *v, w=1, **k: (v, w, k)  #: star  v -> star  w -> star  k -> star
a = lambda: 0  #: a
print(y, b, v)
