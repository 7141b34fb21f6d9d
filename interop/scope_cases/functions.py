x = 1  #: module
y = 2  #: y
def f(x=x, *, z: y = y):  #: f  x -> module  y -> y
    return x, z  # x -> f  z -> f
def g() -> x:  # x -> module
    x = 3  #: local
    def h():  #: h
        return x, y  # x -> local  y -> y
    return h  # h -> h
def late():
    return defined_later, late_variable  # defined_later -> later  late_variable -> late-variable
def defined_later(): pass  #: later
late_variable = 4  #: late-variable
def choice(flag):  #: choice
    if flag:  # flag -> choice
        import one as tool  #: one
    else:
        import two as tool  #: two
    return tool  # tool -> one two
def rebound(a, /, *rest, b, **others):  #: rebound
    a = b  # b -> rebound
    return a, rest, others  # a -> rebound  rest -> rebound  others -> rebound
async def coroutine(items):  #: coroutine
    async for item in items:  #: item  items -> coroutine
        await item  # item -> item
    return [i async for i in items]  #: i  i -> i  items -> coroutine
def unbound_yet():
    before  # before -> before
    before = 1  #: before
print(item, i, a, z, before, tool)
