package Koha::Plugins::Base;

# Stands in for Koha's: stored data in memory.

use strict;
use warnings;

sub new {
    my ( $class, $args ) = @_;
    return bless { %{$args}, class => $class, data => {} }, $class;
}

sub store_data {
    my ( $self, $data ) = @_;
    $self->{data}{$_} = $data->{$_} for keys %{$data};
    return;
}

sub retrieve_data {
    my ( $self, $key ) = @_;
    return $self->{data}{$key};
}

sub get_qualified_table_name {
    my ( $self, $name ) = @_;
    return lc join '_', split( /::/, $self->{class} ), $name;
}

1;
