# What becomes of the queue, by what Commonplace answers. The other side is a real server on a socket.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib", "$FindBin::Bin/..";
use IO::Socket::INET;
use JSON::PP;
use Test::More;
use Thing;
use WaitingRows;
use Koha::Plugin::Org::Commonplace::ReadingHistory::Sender;

my $loans = Thing->new(
    event_of => sub {
        my ($row) = @_;
        return $row->{gone} ? undef : { type => 'return', loan => "$row->{issue_id}", day => $row->{day} };
    }
);

sub rows { return map { { issue_id => $_, day => '2026-10-01', queued => '2026-11-19', event => 'return' } } 1 .. shift }

# Answers so many requests in a child of its own, and tells what each carried.
sub serve {
    my (@answers) = @_;
    my $socket = IO::Socket::INET->new( Listen => 5, LocalAddr => '127.0.0.1', ReuseAddr => 1 ) or die "no socket: $!";
    pipe( my $heard, my $tell ) or die "no pipe: $!";
    my $child = fork // die "no fork: $!";
    if ( $child == 0 ) {
        for my $answer (@answers) {
            my $client = $socket->accept or last;
            my ( $length, $head ) = ( 0, q{} );
            while ( defined( my $line = <$client> ) ) {
                $head .= $line;
                $length = $1 if $line =~ /^content-length:\s*(\d+)/i;
                last if $line =~ /^\r?\n$/;
            }
            read( $client, my $body, $length );
            my ($token) = $head =~ /^authorization:\s*(.+?)\r?$/im;
            print {$tell} JSON::PP->new->canonical->encode( { token => $token, events => scalar @{ JSON::PP->new->decode($body)->{events} } } ), "\n";
            my ( $status, $content ) = @{$answer};
            print {$client} "HTTP/1.1 $status X\r\nConnection: close\r\nContent-Length: ", length $content, "\r\n\r\n", $content;
            close $client;
        }
        close $tell;
        require POSIX;
        POSIX::_exit(0);
    }
    close $tell;
    return {
        address => 'http://127.0.0.1:' . $socket->sockport,
        heard   => sub { close $socket; my @lines = map { JSON::PP->new->decode($_) } <$heard>; waitpid $child, 0; return @lines },
    };
}

sub send_all {
    my ( $queue, %given ) = @_;
    return Koha::Plugin::Org::Commonplace::ReadingHistory::Sender->new(
        {   address   => 'http://127.0.0.1:9',
            token     => 'secret-token',
            queue     => $queue,
            loans     => $loans,
            keep_days => 14,
            today     => '2026-11-20',
            %given,
        }
    )->send_all;
}

{
    my $server = serve( [ 204, q{} ], [ 204, q{} ], [ 204, q{} ] );
    my $queue  = WaitingRows->new( rows(230) );
    my $report = send_all( $queue, address => "$server->{address}/" );
    is_deeply(
        [ map { $_->{events} } $server->{heard}->() ],
        [ 100, 100, 30 ],
        'the queue is sent in batches, oldest first'
    );
    is( $queue->count, 0, 'what was taken is erased' );
    is( $report->{sentence}, '230 sent, 0 waiting.', 'and told' );
    ok( !$queue->{locked}, 'and the next sender may come' );
}
{
    my $server = serve( [ 422, JSON::PP->new->encode( { code => 'malformed-events', taken => 2, malformed => [ { index => 1 } ] } ) ] );
    my $queue  = WaitingRows->new( rows(3) );
    my $report = send_all( $queue, address => $server->{address} );
    is( ( $server->{heard}->() )[0]{token}, 'Bearer secret-token', 'the token goes in its header' );
    is_deeply( [ $report->{sent}, $report->{refused}, $queue->count ], [ 2, 1, 0 ], 'a malformed event does not hold up the others' );
}
for my $answer ( [ 500, '{}' ], [ 401, '{}' ], [ 404, 'no' ], [ 422, 'not json' ], [ 302, q{} ] ) {
    my $server = serve($answer);
    my $queue  = WaitingRows->new( rows(3) );
    my $report = send_all( $queue, address => $server->{address} );
    $server->{heard}->();
    is( $queue->count, 3, "after an answer $answer->[0] everything is kept" );
    ok( $report->{why}, 'and the reason told' );
    unlike( $report->{sentence}, qr/secret-token/, 'without the token' );
}
{
    my $queue  = WaitingRows->new( rows(2) );
    my $report = send_all($queue);
    is( $queue->count, 2, 'when nobody answers everything is kept' );
    like( $report->{sentence}, qr/did not answer/, 'and the reason told' );
}
{
    my $queue = WaitingRows->new( { issue_id => 1, queued => '2026-11-05' }, { issue_id => 2, queued => '2026-11-06' } );
    my $report = send_all($queue);
    is_deeply( [ map { $_->{issue_id} } @{ $queue->{rows} } ], [2], 'what could not be sent for fourteen days is erased' );
    is( $report->{erased}, 1, 'and counted' );
}
{
    my $server = serve( [ 204, q{} ] );
    my $queue = WaitingRows->new( { issue_id => 1, queued => '2026-11-19', event => 'checkout', gone => 1 }, rows(1) );
    my $report = send_all( $queue, address => $server->{address} );
    $server->{heard}->();
    is_deeply( [ $report->{sent}, $report->{erased}, $queue->count ], [ 1, 1, 0 ], 'what can no longer be told is erased unsent' );
}
for my $address ( q{}, 'http://library.example', 'ftp://library.example', 'http://localhost.example' ) {
    my $queue = WaitingRows->new( rows(1) );
    my $report = send_all( $queue, address => $address );
    ok( $report->{why}, "nothing is sent to '$address'" );
    is( $queue->count, 1, 'and nothing is lost' );
}
{
    my $queue = WaitingRows->new( rows(1) );
    $queue->{held_elsewhere} = 1;
    like( send_all($queue)->{sentence}, qr/another sender is at work/, 'two senders do not send the same loans' );
}

done_testing;
