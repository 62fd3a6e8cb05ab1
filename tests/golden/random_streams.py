"""ChaCha8 and the distributions of `numerics::random`, written again in plain Python: the golden values of its tests.

Run: python3 tests/golden/random_streams.py
"""
import struct, math
def block(key, counter, stream, rounds=8):
    s = list(struct.unpack('<4I', b'expand 32-byte k')) + list(struct.unpack('<8I', key)) + [counter & 0xffffffff, counter >> 32, stream & 0xffffffff, stream >> 32]
    w = s[:]
    def qr(a,b,c,d):
        for x,y,z,r in ((a,b,d,16),(c,d,b,12),(a,b,d,8),(c,d,b,7)):
            w[x]=(w[x]+w[y])&0xffffffff; t=w[z]^w[x]; w[z]=((t<<r)|(t>>(32-r)))&0xffffffff
    for _ in range(rounds//2):
        for q in ((0,4,8,12),(1,5,9,13),(2,6,10,14),(3,7,11,15),(0,5,10,15),(1,6,11,12),(2,7,8,13),(3,4,9,14)): qr(*q)
    return [(a+b)&0xffffffff for a,b in zip(w,s)]
def stream(seed,p):
    key=struct.pack('<Q',seed)+bytes(24); c=0
    while True:
        b=block(key,c,p)
        for i in range(0,16,2): yield b[i]|(b[i+1]<<32)
        c+=1
g=stream(42,2); print(hex(next(g))); u=lambda:(next(g)>>11)*2.0**-53
print(u()); a=u(); b=u(); print(math.sqrt(-2*math.log(1-a))*math.cos(math.tau*b))
g=stream(42,1); o=list(range(8))
for last in range(7,0,-1):
    n=last+1
    while True:
        m=next(g)*n
        if m%2**64 >= (2**64-n)%n: break
    j=m>>64; o[last],o[j]=o[j],o[last]
print(o)
