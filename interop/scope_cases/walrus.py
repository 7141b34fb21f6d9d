import data  #: data
if (n := data):  #: n  data -> data
    print(n)  # n -> n
def f():
    found = [last := item for item in data]  #: last  item -> last  data -> data
    return last, found  # last -> last  found -> last
def g(a=(default := data)):  #: default  data -> data
    return a, default  # a -> default  default -> default
h = lambda: (inner := data, inner)  #: inner  data -> data  inner -> inner
any((hit := x) for y in data for x in y)  #: hit  x -> hit  y -> hit  data -> data
print(hit, default, last, inner)  # hit -> hit  default -> default
def k():
    global shared
    return [shared := z for z in data]  #: shared  z -> shared  data -> data
print(shared)  # shared -> shared
class C:
    print(v := data, v)  #: v  data -> data  v -> v
    w = v  # v -> v
